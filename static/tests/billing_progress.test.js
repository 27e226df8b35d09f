import {advanceTime, animationFrame} from "@odoo/hoot-mock";
import {
    MockServer,
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";
// The widget is registered by its file.
import "@helpdesk_service_contract/billing_progress/billing_progress.esm";

class Run extends models.Model {
    _name = "run";

    state = fields.Selection({
        selection: [
            ["running", "Running"],
            ["done", "Done"],
        ],
    });
    progress = fields.Integer();
    _records = [{id: 1, state: "running", progress: 40}];
}

defineMailModels();
defineModels([Run]);

test("a form follows the run until it is done", async () => {
    await mountView({
        type: "form",
        resModel: "run",
        resId: 1,
        arch: `<form><widget name="service_billing_progress"/></form>`,
    });
    expect(".progress-bar").toHaveAttribute("aria-valuenow", "40");

    MockServer.env.run.write([1], {progress: 80});
    await advanceTime(2000);
    await animationFrame();
    expect(".progress-bar").toHaveAttribute("aria-valuenow", "80");

    MockServer.env.run.write([1], {state: "done", progress: 100});
    await advanceTime(2000);
    await animationFrame();
    expect(".progress-bar").toHaveCount(0);
});

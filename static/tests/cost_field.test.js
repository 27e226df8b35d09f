import {
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

class Work extends models.Model {
    _name = "work";
    cost_label = fields.Char();
    cost_level = fields.Selection({
        selection: [
            ["nothing", "No extra cost"],
            ["some", "Partly charged"],
            ["all", "Charged"],
        ],
    });
    _records = [
        {id: 1, cost_label: "From the package, 1:00 left", cost_level: "nothing"},
        {id: 2, cost_label: "Partly charged, 0:20 left", cost_level: "some"},
        {id: 3, cost_label: "Charged", cost_level: "all"},
        {id: 4, cost_label: false, cost_level: false},
    ];
}
defineMailModels();
defineModels([Work]);

test("what costs money never looks like what does not", async () => {
    onRpc("has_group", () => true);
    await mountView({
        type: "list",
        resModel: "work",
        arch: `<list><field name="cost_label" widget="service_cost"/></list>`,
    });
    expect(".badge").toHaveCount(3);
    expect(".o_service_cost_nothing").toHaveText("From the package, 1:00 left");
    expect(".o_service_cost_some").toHaveText("Partly charged, 0:20 left");
    expect(".o_service_cost_all").toHaveText("Charged");
});

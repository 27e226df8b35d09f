import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {beforeEach, expect, test} from "@odoo/hoot";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

const INPUT = ".o_field_widget[name='worked'] input";
const PROBLEM = ".o_service_minutes_problem";

class Work extends models.Model {
    _name = "work";
    worked = fields.Float();
    minutes = fields.Integer();
    name = fields.Char({required: true});
    ticket_id = fields.Many2one({relation: "ticket"});
    _records = [{id: 1, name: "Work", worked: 1.5, minutes: 90}];
}
class Ticket extends models.Model {
    _name = "ticket";
    work_ids = fields.One2many({relation: "work", relation_field: "ticket_id"});
    _records = [{id: 1, work_ids: [1]}];
}
defineMailModels();
defineModels([Work, Ticket]);

beforeEach(() => {
    onRpc("has_group", () => true);
    onRpc("work", "web_save", ({args}) => {
        expect.step(args[1]);
    });
});

async function mountForm() {
    await mountView({
        type: "form",
        resModel: "work",
        resId: 1,
        arch: `
            <form>
                <field name="worked" widget="service_hours" options="{'ask_from': 10}"/>
                <field name="minutes" widget="service_minutes"/>
                <field name="name"/>
            </form>`,
    });
}

test("hours and minutes are typed alike", async () => {
    await mountForm();
    expect(INPUT).toHaveValue("1:30");
    expect(INPUT).toHaveAttribute("inputmode", "decimal");
    await contains(INPUT).edit("45m");
    expect(INPUT).toHaveValue("0:45");
    await contains(".o_field_widget[name='minutes'] input").edit("1h30");
    await clickSave();
    expect.verifySteps([{worked: 0.75}]);
});

test("a number that may be minutes is asked about", async () => {
    await mountForm();
    await contains(INPUT).edit("20");
    expect(PROBLEM).toHaveText(/20 minutes or hours\?/);
    expect(`${PROBLEM} button`).toHaveCount(2);
    await contains(`${PROBLEM} button:contains('0:20')`).click();
    expect(INPUT).toHaveValue("0:20");
    expect(PROBLEM).toHaveCount(0);
    await contains(INPUT).edit("20");
    await contains(`${PROBLEM} button:contains('20:00')`).click();
    await clickSave();
    expect.verifySteps([{worked: 20}]);
});

test("what is not understood says what is", async () => {
    await mountForm();
    await contains(INPUT).edit("abc");
    expect(PROBLEM).toHaveText("“abc” is not understood. Type 1:30, 1,5, 90m or 1h30.");
    // The button to save waits; who wants to leave the form is told why not.
    await contains(".o_form_button_create").click();
    expect(".o_notification_content").toHaveText(/Type 1:30, 1,5, 90m or 1h30/);
    expect.verifySteps([]);
    await contains(INPUT).edit("1:00");
    expect(PROBLEM).toHaveCount(0);
    await clickSave();
    expect.verifySteps([{worked: 1}]);
});

test("what is missing is still called missing", async () => {
    await mountForm();
    await contains(INPUT).edit("abc");
    await contains(".o_field_widget[name='name'] input").edit("");
    await contains(".o_form_button_create").click();
    expect(".o_notification_content").toHaveText("Missing required fields");
    expect.verifySteps([]);
});

test("a row of a list says it too", async () => {
    await mountView({
        type: "form",
        resModel: "ticket",
        resId: 1,
        arch: `
            <form>
                <field name="work_ids">
                    <list editable="bottom">
                        <field name="worked" widget="service_hours" sum="Worked"/>
                    </list>
                </field>
            </form>`,
    });
    expect(".o_data_cell[name='worked']").toHaveText("1:30");
    expect(".o_list_footer").toHaveText(/1:30/);
    await contains(".o_data_cell[name='worked']").click();
    await contains(INPUT).edit("abc", {confirm: false});
    await clickSave();
    expect(".o_notification_content").toHaveText(/Type 1:30, 1,5, 90m or 1h30/);
});

import {advanceTime, animationFrame, mockDate} from "@odoo/hoot-mock";
import {beforeEach, expect, test} from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {SessionClockField} from "@helpdesk_service_contract/session_clock/session_clock_field.esm";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

const MINUTE = 60000;
const CLOCK = ".o_session_clock";
const TIMER = `${CLOCK} [role=timer]`;
const FIELD = `<field name="started_at" widget="service_session_clock" readonly="1" />`;

const RUNNING = {
    id: 1,
    state: "running",
    started_at: "2026-10-05 08:00:00",
    clock_now: "2026-10-05 08:07:05",
    overdue_at: "2026-10-05 11:00:00",
    minutes: 0,
};
const ENDED = {...RUNNING, state: "ended", minutes: 95};

class Session extends models.Model {
    _name = "session";
    state = fields.Char();
    started_at = fields.Datetime();
    clock_now = fields.Datetime();
    overdue_at = fields.Datetime();
    minutes = fields.Integer();
}
// A page has the chat too, which asks for models of its own.
defineMailModels();
defineModels([Session]);

beforeEach(() => {
    // The PC is in another year altogether.
    mockDate("2019-03-11 09:00:00");
    onRpc("has_group", () => true);
});

function mount(record, arch = `<form>${FIELD}</form>`) {
    Session._records = [{...record}];
    return mountView({type: "form", resModel: "session", resId: 1, arch});
}

async function pass(milliseconds) {
    await advanceTime(milliseconds);
    await animationFrame();
}

test("it ticks while the session runs, by the server's clock", async () => {
    await mount(RUNNING);
    expect(TIMER).toHaveText("0:07:05");
    expect(TIMER).toHaveClass("text-bg-info");
    await pass(1000);
    expect(TIMER).toHaveText("0:07:06");
    await pass(53 * MINUTE);
    expect(TIMER).toHaveText("1:00:06");
    expect(".o_session_clock_hint").toHaveCount(0);
});

test("a clock that is put back gives no time back", async () => {
    await mount(RUNNING);
    mockDate("2018-03-11 09:00:00");
    await pass(1000);
    expect(TIMER).toHaveText("0:07:05");
});

test("it warns once the session is taken for forgotten", async () => {
    await mount({...RUNNING, clock_now: "2026-10-05 10:59:59"});
    expect(TIMER).toHaveClass("text-bg-info");
    await pass(1000);
    expect(TIMER).toHaveText("3:00:00");
    expect(TIMER).toHaveClass("text-bg-info");
    await pass(1000);
    expect(TIMER).toHaveText("3:00:01");
    expect(TIMER).toHaveClass("text-bg-warning");
    expect(".o_session_clock_hint").toHaveText("Still running? If not, end it.");
});

test("it stands still when the session has ended", async () => {
    patchWithCleanup(SessionClockField.prototype, {
        render() {
            expect.step("render");
            return super.render(...arguments);
        },
    });
    await mount(ENDED);
    expect(CLOCK).toHaveText("1:35");
    expect(TIMER).toHaveCount(0);
    await pass(MINUTE);
    expect(CLOCK).toHaveText("1:35");
    expect.verifySteps([]);
});

test("there is nothing to show before the start", async () => {
    await mount({...RUNNING, state: "planned", started_at: false, overdue_at: false});
    expect(CLOCK).toHaveCount(0);
    await pass(1000);
    expect(CLOCK).toHaveCount(0);
});

test("a list has a clock for each session", async () => {
    const late = {...RUNNING, id: 3, overdue_at: "2026-10-05 08:07:00"};
    Session._records = [RUNNING, {...ENDED, id: 2}, late];
    await mountView({
        type: "list",
        resModel: "session",
        arch: `<list>${FIELD}</list>`,
    });
    expect(`${CLOCK}:eq(0)`).toHaveText("0:07:05");
    expect(`${CLOCK}:eq(1)`).toHaveText("1:35");
    // There is no room for words.
    expect(".o_session_clock_hint").toHaveCount(0);
    expect(`${CLOCK}:eq(2)`).toHaveAttribute("title", /end it/);
});

test("time goes on while the clock's tab of the form is closed", async () => {
    await mount(
        RUNNING,
        `<form><notebook>
            <page name="clock" string="Clock">${FIELD}</page>
            <page name="other" string="Other">Nothing</page>
        </notebook></form>`
    );
    await contains(".nav-link[name='other']").click();
    expect(CLOCK).toHaveCount(0);
    await pass(MINUTE);
    await contains(".nav-link[name='clock']").click();
    expect(TIMER).toHaveText("0:08:05");
});

import {advanceTime, animationFrame, mockDate} from "@odoo/hoot-mock";
import {beforeEach, expect, test} from "@odoo/hoot";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {Component, useState, xml} from "@odoo/owl";
import {ServiceClockField} from "@helpdesk_service_contract/service_clock/service_clock_field.esm";
import {Ticker} from "@helpdesk_service_contract/service_clock/ticker.esm";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

const MINUTE = 60000;
// The server's; the PC is in another year altogether.
const NOW = 29000000;
const BADGE = ".o_service_clock_state";

const REACTION = {
    metric: "reaction",
    label: "Reaction",
    state: "running",
    target: 60,
    elapsed: 58,
    deadline: NOW + 2,
    deadline_label: "Mon 09.11, 15:00",
    breached: false,
    spans: [[NOW, NOW + 5]],
};
const PAUSED = {
    metric: "resolution",
    label: "Resolution",
    state: "paused",
    target: 480,
    elapsed: 355,
    deadline: null,
    deadline_label: "",
    breached: false,
    reason: "Waiting for the customer",
};

class Ticket extends models.Model {
    _name = "ticket";
    clocks = fields.Json();
}
// A page has the chat too, which asks for models of its own.
defineMailModels();
defineModels([Ticket]);

beforeEach(() => {
    mockDate("2019-03-11 09:00:00");
    onRpc("has_group", () => true);
});

function ticket(id, ...clocks) {
    return {id, clocks: clocks.length ? {now: NOW, second: 0, clocks} : false};
}

function mount(type, field = `<field name="clocks" widget="service_clock" />`) {
    const arch = {
        form: `<form>${field}</form>`,
        list: `<list>${field}</list>`,
        kanban: `<kanban><templates><t t-name="card">${field}</t></templates></kanban>`,
    }[type];
    return mountView({
        type,
        resModel: "ticket",
        arch,
        ...(type === "form" ? {resId: 1} : {}),
    });
}

test("a form shows every clock", async () => {
    Ticket._records = [ticket(1, REACTION, PAUSED)];
    await mount("form");
    expect(".o_service_clock_label").toHaveCount(2);
    expect(`${BADGE}:eq(0)`).toHaveText("2 min left");
    expect(`${BADGE}:eq(0)`).toHaveClass("text-bg-warning");
    expect(`${BADGE}[role=timer]`).toHaveText("2 min left");
    expect(".o_service_clock_when").toHaveText("due Mon 09.11, 15:00");
    expect(`${BADGE}:eq(1)`).toHaveText("Paused, 2 h 05 min left");
    expect(".o_service_clock_hint").toHaveText("Waiting for the customer");
});

for (const type of ["list", "kanban"]) {
    test(`a ${type} shows the most urgent clock alone`, async () => {
        Ticket._records = [ticket(1, REACTION, PAUSED), ticket(2)];
        await mount(type);
        expect(BADGE).toHaveCount(1);
        expect(BADGE).toHaveText("2 min left");
        expect(".o_service_clock_label").toHaveText("Reaction");
        expect(".o_service_clock_when").toHaveCount(0);
        expect(".o_service_clock").toHaveAttribute(
            "title",
            "Target: 1 h 00 min\nDeadline: Mon 09.11, 15:00"
        );
    });
}

test("the arch says whether to be compact, if it likes", async () => {
    Ticket._records = [ticket(1, PAUSED, REACTION)];
    await mount(
        "form",
        `<field name="clocks" widget="service_clock" options="{'compact': true}" />`
    );
    expect(BADGE).toHaveCount(1);
    expect(".o_service_clock_hint").toHaveAttribute("title", PAUSED.reason);
});

test("every state has its words, its colour and its icon", async () => {
    const stopped = {...PAUSED, stopped_label: "Mon 09.11, 14:12"};
    const cases = [
        [{...REACTION, elapsed: 0}, "1 h 00 min left", "info", "clock-o"],
        [REACTION, "2 min left", "warning", "hourglass-end"],
        [{...REACTION, elapsed: 60, deadline: NOW}, "0 min left", "warning"],
        [{...REACTION, elapsed: 61}, "Late by 1 min", "danger"],
        [{...REACTION, breached: true}, "Breached, 2 min left", "danger"],
        [{...PAUSED, elapsed: 490}, "Paused, late by 10 min", "danger", "pause"],
        [
            {...PAUSED, breached: true},
            "Paused, breached, 2 h 05 min left",
            "danger",
            "pause",
        ],
        [PAUSED, "Paused, 2 h 05 min left", "secondary", "pause"],
        [{...stopped, state: "met"}, "Met in 5 h 55 min", "success", "check"],
        [
            {...stopped, state: "missed", elapsed: 3560},
            "Breached by 51 h 20 min",
            "danger",
            "times",
        ],
        [{...stopped, state: "missed"}, "Breached", "danger", "times"],
    ];
    Ticket._records = cases.map(([clock], index) => ticket(index + 1, clock));
    await mount("list", `<field name="clocks" widget="service_clock" width="400px" />`);
    cases.forEach(([, text, color, icon = "exclamation-triangle"], index) => {
        const badge = `${BADGE}:eq(${index})`;
        expect(badge).toHaveText(text);
        expect(badge).toHaveClass(`text-bg-${color}`);
        if (color !== "warning") {
            expect(`${badge} .fa`).toHaveClass(`fa-${icon}`);
        }
    });
});

test("a stopped clock says when it stopped", async () => {
    Ticket._records = [
        ticket(1, {...PAUSED, state: "met", stopped_label: "Mon 09.11, 14:12"}),
    ];
    await mount("form");
    expect(".o_service_clock_when").toHaveText("Mon 09.11, 14:12");
});

test("the deadline passes while one is looking", async () => {
    Ticket._records = [ticket(1, REACTION)];
    await mount("form");
    // Ticks come once a second, and need not come on the minute.
    await advanceTime(5000);
    for (const [text, level] of [
        ["1 min left", "warning"],
        ["0 min left", "warning"],
        ["Late by 1 min", "danger"],
        ["Late by 2 min", "danger"],
    ]) {
        await advanceTime(MINUTE);
        await animationFrame();
        expect(BADGE).toHaveText(text);
        expect(".o_service_clock").toHaveClass(`o_service_clock_${level}`);
    }
    expect(".o_service_clock_hint").toHaveCount(0);
    await advanceTime(10 * MINUTE);
    await animationFrame();
    expect(BADGE).toHaveText("Late by 3 min");
    expect(".o_service_clock_hint").toHaveText("outside working hours");
});

test("a minute that was half over for the server is over in half a minute", async () => {
    const {id, clocks} = ticket(1, REACTION);
    Ticket._records = [{id, clocks: {...clocks, second: 30}}];
    await mount("form");
    await advanceTime(MINUTE / 2 - 15000);
    await animationFrame();
    expect(BADGE).toHaveText("2 min left");
    await advanceTime(20000);
    await animationFrame();
    expect(BADGE).toHaveText("1 min left");
});

test("only a clock that looks different is drawn again", async () => {
    patchWithCleanup(ServiceClockField.prototype, {
        render() {
            expect.step("render");
            return super.render(...arguments);
        },
    });
    Ticket._records = [ticket(1, {...REACTION, spans: [[NOW, NOW + 1]]}, PAUSED)];
    await mount("form");
    await advanceTime(MINUTE / 2);
    expect.verifySteps([]);
    await advanceTime(MINUTE / 2 + 5000);
    expect.verifySteps(["render"]);
    // Working time is over, and the deadline is two minutes away.
    await advanceTime(MINUTE / 2);
    expect.verifySteps([]);
});

test("all clocks of a page share one ticker, and leave it when they go", async () => {
    const tickers = new Set();
    patchWithCleanup(Ticker.prototype, {
        add() {
            tickers.add(this);
            super.add(...arguments);
        },
    });
    class Page extends Component {
        static components = {ServiceClockField};
        static props = {};
        static template = xml`
            <ServiceClockField t-foreach="state.ids" t-as="id" t-key="id"
                name="'clocks'" record="record" />`;

        setup() {
            this.state = useState({ids: [1, 2, 3]});
            this.record = {data: ticket(1, REACTION)};
        }
    }
    const page = await mountWithCleanup(Page);
    const [ticker] = tickers;
    expect(tickers.size).toBe(1);
    expect(ticker.listeners.size).toBe(3);
    page.state.ids = [2];
    await animationFrame();
    expect(ticker.listeners.size).toBe(1);
    page.state.ids = [];
    await animationFrame();
    expect(ticker.listeners.size).toBe(0);
    expect(ticker.timer).toBe(null);
});

test("time goes on while the clock's tab of the form is closed", async () => {
    Ticket._records = [ticket(1, REACTION)];
    await mount(
        "form",
        `<notebook>
            <page name="clock" string="Clock">
                <field name="clocks" widget="service_clock" />
            </page>
            <page name="other" string="Other">Nothing</page>
        </notebook>`
    );
    await contains(".nav-link[name='other']").click();
    expect(BADGE).toHaveCount(0);
    await advanceTime(MINUTE);
    await contains(".nav-link[name='clock']").click();
    expect(BADGE).toHaveText("1 min left");
});

import {describe, expect, globals, test} from "@odoo/hoot";
import {minuteAt, readClock} from "@helpdesk_service_contract/service_clock/clock.esm";

describe.current.tags("headless");

// Friday's last two hours, the weekend, and Monday's eight.
const FRIDAY = 1000;
const FRIDAY_END = FRIDAY + 120;
const MONDAY = FRIDAY_END + 64 * 60;
const SPANS = [
    [FRIDAY, FRIDAY_END],
    [MONDAY, MONDAY + 480],
];
const RUNNING = {
    state: "running",
    target: 240,
    elapsed: 60,
    deadline: MONDAY + 60,
    breached: false,
    spans: SPANS,
};
const STOPPED = {...RUNNING, spans: undefined};

function check(clock, minute, expected) {
    expect(readClock(clock, FRIDAY, minute)).toMatchObject(expected);
}

test("a running clock uses working time only", () => {
    for (const [minute, elapsed, outside] of [
        [FRIDAY, 60, false],
        [FRIDAY + 1, 61, false],
        [FRIDAY_END - 1, 179, false],
        [FRIDAY_END, 180, true],
        [FRIDAY_END + 3000, 180, true],
        [MONDAY - 1, 180, true],
        [MONDAY, 180, false],
        [MONDAY + 30, 210, false],
        [MONDAY + 480, 660, true],
    ]) {
        check(RUNNING, minute, {elapsed, left: 240 - elapsed, outside});
    }
});

test("when a promise is broken, by the cases of the server", async () => {
    const url = "/helpdesk_service_contract/static/tests/broken_promises.json";
    const {open, cases} = await (await globals.fetch(url)).json();
    for (const {why, minute, broken, ...clock} of cases) {
        // Without a deadline there is no working time ahead.
        const spans = clock.deadline === null ? [] : open;
        const read = readClock({...clock, spans}, 0, minute);
        expect(read.broken).toBe(broken, {message: why});
    }
});

test("it is not broken until the minute after the deadline", () => {
    for (const [minute, left, level] of [
        [FRIDAY + 119, 61, "ok"],
        [FRIDAY_END, 60, "warning"],
        [MONDAY + 60, 0, "warning"],
        [MONDAY + 61, -1, "danger"],
        [MONDAY + 90, -30, "danger"],
    ]) {
        check(RUNNING, minute, {left, level, broken: level === "danger"});
    }
});

test("it breaks in the night too, as for the server", () => {
    const clock = {...RUNNING, target: 180, deadline: FRIDAY_END};
    check(clock, FRIDAY_END, {left: 0, broken: false, outside: true});
    check(clock, FRIDAY_END + 1, {left: 0, broken: true, outside: true});
});

test("a clock without a deadline counts all the same", () => {
    const clock = {...RUNNING, deadline: null};
    check(clock, MONDAY + 60, {left: 0, broken: false});
    check(clock, MONDAY + 61, {left: -1, broken: true});
});

test("what was broken stays so", () => {
    const broken = {breached: true};
    check({...RUNNING, ...broken}, FRIDAY, {left: 180, level: "danger"});
    check({...STOPPED, ...broken, state: "paused"}, FRIDAY, {level: "danger"});
});

test("a clock that does not run stands still", () => {
    for (const [state, elapsed, left, level] of [
        ["paused", 60, 180, "muted"],
        ["paused", 240, 0, "muted"],
        ["paused", 270, -30, "danger"],
        ["met", 60, 180, "success"],
        ["met", 240, 0, "success"],
        ["missed", 270, -30, "danger"],
        ["missed", 240, 0, "danger"],
    ]) {
        const clock = {...STOPPED, state, elapsed};
        check(clock, MONDAY + 400, {elapsed, left, level, outside: false});
    }
});

test("a PC whose clock is wrong shows the server's minute", () => {
    const second = 1000;
    const right = FRIDAY * 60 * second;
    for (const wrong of [0, 3600 * second, -3600 * second]) {
        const heardAt = right + wrong;
        for (const [later, minute] of [
            [0, FRIDAY],
            [59 * second, FRIDAY],
            [60 * second, FRIDAY + 1],
            [7200 * second, FRIDAY + 120],
            [-3600 * second, FRIDAY],
        ]) {
            expect(minuteAt(FRIDAY, 0, heardAt, heardAt + later)).toBe(minute);
        }
    }
});

test("the minute ends when the server's does", () => {
    for (const [second, later, minute] of [
        [0, 59, FRIDAY],
        [20, 39, FRIDAY],
        [20, 40, FRIDAY + 1],
        [20, 100, FRIDAY + 2],
        [59, 0, FRIDAY],
        [59, 1, FRIDAY + 1],
        [59, -3600, FRIDAY],
    ]) {
        expect(minuteAt(FRIDAY, second, 0, later * 1000)).toBe(minute);
    }
});

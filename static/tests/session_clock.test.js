import {describe, expect, test} from "@odoo/hoot";
import {
    formatElapsed,
    serverTime,
} from "@helpdesk_service_contract/session_clock/session_clock.esm";

describe.current.tags("headless");

const SECOND = 1000;
const START = 1790000000000;

test("time that went by is shown to the second", () => {
    for (const [seconds, text] of [
        [0, "0:00:00"],
        [5, "0:00:05"],
        [59.9, "0:00:59"],
        [60, "0:01:00"],
        [3599, "0:59:59"],
        [3600, "1:00:00"],
        [93784, "26:03:04"],
        // The server answered within the second in which it wrote the start.
        [-1, "0:00:00"],
    ]) {
        expect(formatElapsed(START, START + seconds * SECOND)).toBe(text);
    }
});

test("a PC whose clock is wrong shows the server's time", () => {
    for (const wrong of [0, 3600 * SECOND, -3600 * SECOND]) {
        const heardAt = START + wrong;
        for (const [later, time] of [
            [0, START],
            [999, START],
            [1500, START + SECOND],
            [-3600 * SECOND, START],
        ]) {
            expect(serverTime(START, heardAt, heardAt + later)).toBe(time);
        }
    }
});

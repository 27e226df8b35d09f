import {describe, expect, test} from "@odoo/hoot";
import {Ticker} from "@helpdesk_service_contract/service_clock/ticker.esm";

describe.current.tags("headless");

test("one timer serves all, and stops with the last", () => {
    let run = null;
    const ticker = new Ticker({
        setInterval(callback, delay) {
            run = callback;
            expect.step(`start every ${delay} ms`);
            return 7;
        },
        clearInterval: (id) => expect.step(`stop ${id}`),
    });
    const first = () => expect.step("first");
    const second = () => expect.step("second");

    ticker.add(first);
    ticker.add(second);
    expect.verifySteps(["start every 1000 ms"]);
    run();
    expect.verifySteps(["first", "second"]);
    ticker.remove(first);
    run();
    expect.verifySteps(["second"]);
    ticker.remove(second);
    expect.verifySteps(["stop 7"]);
    ticker.add(first);
    expect.verifySteps(["start every 1000 ms"]);
});

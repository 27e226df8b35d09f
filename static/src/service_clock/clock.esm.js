/**
 * What the clock of a promise shows at a minute, from what the server told earlier.
 *
 * Whole minutes throughout: moments since the epoch, durations of working time.
 */

/**
 * The server's minute, told by how long ago it was heard, so that a PC whose clock is
 * wrong shows what everybody else sees.
 *
 * @param {Number} now The server's minute when it answered
 * @param {Number} second The second of that minute
 * @param {Number} heardAt This computer's milliseconds then
 * @param {Number} at This computer's milliseconds now
 * @returns {Number}
 */
export function minuteAt(now, second, heardAt, at) {
    // A clock that is put back must not give working time back.
    return now + Math.max(0, Math.floor(((at - heardAt) / 1000 + second) / 60));
}

function workedBetween(spans, from, to) {
    return spans.reduce(
        (sum, [begin, end]) =>
            sum + Math.max(0, Math.min(end, to) - Math.max(begin, from)),
        0
    );
}

function levelOf({state, target}, elapsed, broken) {
    if (broken) {
        return "danger";
    }
    if (state === "met") {
        return "success";
    }
    if (state === "paused") {
        return "muted";
    }
    // Times four instead of a share: whole numbers, and a target of nothing is no trap.
    return elapsed * 4 >= target * 3 ? "warning" : "ok";
}

/**
 * @param {Object} clock As the server told it
 * @param {Number} now The server's minute when it did
 * @param {Number} minute The server's minute to tell
 * @returns {{elapsed: Number, left: Number, broken: Boolean, outside: Boolean,
 *     level: String}} `outside`: it stands still, as nobody works now
 */
export function readClock(clock, now, minute) {
    const running = clock.state === "running";
    const spans = running ? clock.spans : [];
    const elapsed = clock.elapsed + workedBetween(spans, now, minute);
    const left = clock.target - elapsed;
    // Past the deadline not a working minute need have gone by: it may be night. What
    // was broken stays so, even if the customer got more time later.
    const late =
        left < 0 || (running && clock.deadline !== null && minute > clock.deadline);
    const broken =
        clock.state === "missed" || (clock.state !== "met" && (clock.breached || late));
    return {
        elapsed,
        left,
        broken,
        outside:
            running && !spans.some(([begin, end]) => begin <= minute && minute < end),
        level: levelOf(clock, elapsed, broken),
    };
}

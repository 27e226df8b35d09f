/**
 * What the clock of a session shows: whole seconds, moments in milliseconds.
 */
const SECOND = 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * The server's time, told by how long ago it was heard, so that a PC whose clock is
 * wrong shows the time that is billed.
 *
 * @param {Number} now The server's time when it answered
 * @param {Number} heardAt This computer's time then
 * @param {Number} at This computer's time now
 * @returns {Number}
 */
export function serverTime(now, heardAt, at) {
    // A clock that is put back must not give time back. In whole seconds, as the
    // server tells when a session is taken for forgotten.
    return Math.floor((now + Math.max(0, at - heardAt)) / SECOND) * SECOND;
}

/**
 * @param {Number} startedAt
 * @param {Number} now
 * @returns {String} Such as 0:07:05 or 26:00:00
 */
export function formatElapsed(startedAt, now) {
    const seconds = Math.max(0, Math.floor((now - startedAt) / SECOND));
    const parts = [Math.floor((seconds % HOUR) / MINUTE), seconds % MINUTE];
    return [
        Math.floor(seconds / HOUR),
        ...parts.map((part) => String(part).padStart(2, "0")),
    ].join(":");
}

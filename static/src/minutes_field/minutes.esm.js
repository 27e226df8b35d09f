/**
 * Whole minutes and the clock people read and type: 90 is 1:30.
 */
import {InvalidNumberError} from "@web/views/fields/parsers";
import {_t} from "@web/core/l10n/translation";

/**
 * @param {Number|false} minutes
 * @returns {String}
 */
export function formatMinutes(minutes) {
    if (minutes === false || minutes === null || minutes === undefined) {
        return "";
    }
    const total = Math.round(Math.abs(minutes));
    const rest = String(total % 60).padStart(2, "0");
    return `${minutes < 0 ? "-" : ""}${Math.floor(total / 60)}:${rest}`;
}

/**
 * For the middle of a sentence, where 2:05 would be taken for a time of the day.
 *
 * @param {Number} minutes Never negative: the sentence says which side of zero
 * @returns {String}
 */
export function spellMinutes(minutes) {
    const hours = Math.floor(minutes / 60);
    if (!hours) {
        return _t("%s min", minutes);
    }
    const rest = String(minutes % 60).padStart(2, "0");
    return _t("%(hours)s h %(minutes)s min", {hours, minutes: rest});
}

/**
 * Hours, with a clock or a decimal part: "1:30", "1,5", "2" and "90m" are understood.
 *
 * @param {String} text
 * @returns {Number} Minutes
 */
export function parseMinutes(text) {
    const value = text.trim().toLowerCase().replace(",", ".");
    const clock = /^(-?)(\d+):([0-5]?\d)$/.exec(value);
    if (clock) {
        const minutes = Number(clock[2]) * 60 + Number(clock[3]);
        return clock[1] ? -minutes : minutes;
    }
    const minutes = /^(-?\d+)\s*m(in)?$/.exec(value);
    if (minutes) {
        return Number(minutes[1]);
    }
    if (/^-?\d+(\.\d*)?\s*h?$/.test(value)) {
        return Math.round(parseFloat(value) * 60);
    }
    throw new InvalidNumberError(`"${text}" is not a number of hours`);
}

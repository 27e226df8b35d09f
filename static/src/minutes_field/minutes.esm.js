/**
 * Whole minutes and the clock people read and type: 90 is 1:30.
 */
import {InvalidNumberError} from "@web/views/fields/parsers";
import {_t} from "@web/core/l10n/translation";

/** A bare number that may be minutes as well as hours. */
export class AmbiguousTimeError extends InvalidNumberError {
    constructor(number) {
        super(_t("%s minutes or hours?", number));
        this.choices = [number, number * 60];
    }
}

/**
 * @param {Number|false} minutes
 * @returns {String}
 */
export function formatMinutes(minutes) {
    if (!Number.isFinite(minutes)) {
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

// Each with the minutes that a match of it means, without its sign.
const FORMS = [
    [/^(\d+):([0-5]?\d)$/, (hours, minutes) => Number(hours) * 60 + Number(minutes)],
    [/^(\d+)\s*m(?:in)?\.?$/, (minutes) => Number(minutes)],
    [
        /^(\d+)\s*(?:h|godz\.?)\s*([0-5]?\d)\s*(?:m(?:in)?\.?)?$/,
        (hours, minutes) => Number(hours) * 60 + Number(minutes),
    ],
    [
        /^(\d+(?:[.,]\d*)?)\s*(?:h|godz\.?)?$/,
        (hours) => Math.round(parseFloat(hours.replace(",", ".")) * 60),
    ],
];

/**
 * Time as people type it: "1:30", "1,5", "2", "90m", "1h30" and "1 h 30 min".
 *
 * @param {String} text
 * @param {Number} [askFrom] From this number on, one without a unit may be minutes
 * @returns {Number} Minutes
 */
export function parseMinutes(text, askFrom = Infinity) {
    const value = text.trim().toLowerCase();
    if (/^\d+$/.test(value) && Number(value) >= askFrom) {
        throw new AmbiguousTimeError(Number(value));
    }
    const [, sign, amount] = /^(-?)(.*)$/.exec(value);
    for (const [form, minutesOf] of FORMS) {
        const match = form.exec(amount);
        if (match) {
            const minutes = minutesOf(...match.slice(1));
            return sign && minutes ? -minutes : minutes;
        }
    }
    throw new InvalidNumberError(
        _t("“%s” is not understood. Type 1:30, 1,5, 90m or 1h30.", text)
    );
}

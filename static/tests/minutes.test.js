import {
    AmbiguousTimeError,
    formatMinutes,
    parseMinutes,
    spellMinutes,
} from "@helpdesk_service_contract/minutes_field/minutes.esm";
import {CLOCKS, NOT_UNDERSTOOD, TYPED} from "./minutes_cases.esm";
import {describe, expect, test} from "@odoo/hoot";
import {allowTranslations} from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

test("minutes are shown as a clock", () => {
    for (const [minutes, text] of CLOCKS) {
        expect(formatMinutes(minutes)).toBe(text);
    }
    expect(formatMinutes(false)).toBe("");
});

test("minutes are spelled out for a sentence", () => {
    allowTranslations();
    for (const [minutes, text] of [
        [0, "0 min"],
        [59, "59 min"],
        [60, "1 h 00 min"],
        [125, "2 h 05 min"],
        [3080, "51 h 20 min"],
    ]) {
        expect(spellMinutes(minutes)).toBe(text);
    }
});

test("time is understood however it is typed", () => {
    for (const [text, minutes] of TYPED) {
        expect(parseMinutes(text)).toBe(minutes, {message: text});
    }
});

test("what is no time is refused, and says what is understood", () => {
    allowTranslations();
    for (const text of NOT_UNDERSTOOD) {
        expect(() => parseMinutes(text)).toThrow(/Type 1:30, 1,5, 90m or 1h30/);
    }
});

test("a bare number is asked about where it may be minutes", () => {
    allowTranslations();
    expect(parseMinutes("20")).toBe(1200);
    expect(parseMinutes("9", 10)).toBe(540);
    for (const number of [10, 20, 35]) {
        let asked = null;
        try {
            parseMinutes(String(number), 10);
        } catch (error) {
            asked = error;
        }
        expect(asked).toBeInstanceOf(AmbiguousTimeError);
        expect(asked.choices).toEqual([number, number * 60]);
    }
    expect(parseMinutes("20m", 10)).toBe(20);
    expect(parseMinutes("20:00", 10)).toBe(1200);
});

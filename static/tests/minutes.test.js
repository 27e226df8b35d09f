import {describe, expect, test} from "@odoo/hoot";
import {
    formatMinutes,
    parseMinutes,
    spellMinutes,
} from "@helpdesk_service_contract/minutes_field/minutes.esm";
import {allowTranslations} from "@web/../tests/web_test_helpers";

describe.current.tags("headless");

test("minutes are shown as a clock", () => {
    for (const [minutes, text] of [
        [0, "0:00"],
        [5, "0:05"],
        [60, "1:00"],
        [90, "1:30"],
        [6000, "100:00"],
        [-5, "-0:05"],
        [false, ""],
    ]) {
        expect(formatMinutes(minutes)).toBe(text);
    }
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

test("hours are understood however they are typed", () => {
    for (const [text, minutes] of [
        ["1:30", 90],
        ["0:5", 5],
        ["-1:30", -90],
        ["2", 120],
        ["1,5", 90],
        ["1.5 h", 90],
        [" 45m ", 45],
        ["45 min", 45],
    ]) {
        expect(parseMinutes(text)).toBe(minutes);
    }
});

test("what is no time is refused", () => {
    for (const text of ["", "abc", "1:75", "1:2:3", "--1"]) {
        expect(() => parseMinutes(text)).toThrow();
    }
});

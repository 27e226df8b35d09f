import {_t} from "@web/core/l10n/translation";
import {spellMinutes} from "../minutes_field/minutes.esm";

function runningWords({broken, left}) {
    if (broken && left > 0) {
        return _t("Breached, %s left", spellMinutes(left));
    }
    return broken
        ? _t("Late by %s", spellMinutes(-left))
        : _t("%s left", spellMinutes(left));
}

function pausedWords({broken, left}) {
    if (broken && left > 0) {
        return _t("Paused, breached, %s left", spellMinutes(left));
    }
    return broken
        ? _t("Paused, late by %s", spellMinutes(-left))
        : _t("Paused, %s left", spellMinutes(left));
}

const WORDS = {
    running: runningWords,
    paused: pausedWords,
    met: ({elapsed}) => _t("Met in %s", spellMinutes(elapsed)),
    // Broken in the night, or given more time afterwards: not late by any minute.
    missed: ({left}) =>
        left < 0 ? _t("Breached by %s", spellMinutes(-left)) : _t("Breached"),
};

const COLORS = {
    ok: "info",
    warning: "warning",
    danger: "danger",
    muted: "secondary",
    success: "success",
};

const RUNNING_ICONS = {
    ok: "clock-o",
    warning: "hourglass-end",
    danger: "exclamation-triangle",
};

const ICONS = {paused: "pause", met: "check", missed: "times"};

function hintOf({reason, state}, {outside}) {
    if (outside) {
        return {icon: "moon-o", text: _t("outside working hours")};
    }
    return state === "paused" && reason ? {icon: "comment-o", text: reason} : null;
}

function whenOf(clock) {
    if (clock.state === "met" || clock.state === "missed") {
        return clock.stopped_label || "";
    }
    return clock.deadline_label ? _t("due %s", clock.deadline_label) : "";
}

/**
 * What a clock looks like: plain texts, so that two looks can be compared.
 *
 * @param {Object} clock As the server told it
 * @param {Object} reading What it shows now
 * @returns {Object}
 */
export function faceOf(clock, reading) {
    const hint = hintOf(clock, reading);
    const title = [_t("Target: %s", spellMinutes(clock.target))];
    if (clock.deadline_label) {
        title.push(_t("Deadline: %s", clock.deadline_label));
    }
    if (hint) {
        title.push(hint.text);
    }
    return {
        metric: clock.metric,
        label: clock.label,
        level: reading.level,
        color: COLORS[reading.level],
        icon: ICONS[clock.state] || RUNNING_ICONS[reading.level],
        role: clock.state === "running" ? "timer" : null,
        text: WORDS[clock.state](reading),
        hint,
        when: whenOf(clock),
        title: title.join("\n"),
    };
}

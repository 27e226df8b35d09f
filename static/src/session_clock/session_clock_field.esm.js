import {Component, onWillRender} from "@odoo/owl";
import {formatElapsed, serverTime} from "./session_clock.esm";
import {_t} from "@web/core/l10n/translation";
import {formatDateTime} from "@web/core/l10n/dates";
import {formatMinutes} from "../minutes_field/minutes.esm";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useTicker} from "../service_clock/ticker.esm";

// By value and not by component: who leaves a tab of the form and comes back has a new
// component, but the server's time is as old as it was.
const heardAt = new WeakMap();

/** How long a session has been running, or how long it took. */
export class SessionClockField extends Component {
    static template = "helpdesk_service_contract.SessionClockField";
    static props = {...standardFieldProps, compact: {type: Boolean, optional: true}};

    setup() {
        this.face = null;
        onWillRender(() => {
            this.face = this.look();
        });
        useTicker(() => {
            const face = this.look();
            if (face.text !== this.face.text || face.late !== this.face.late) {
                this.face = face;
                this.render();
            }
        });
    }

    look() {
        const {data} = this.props.record;
        const startedAt = data[this.props.name];
        if (!startedAt) {
            return {text: ""};
        }
        const title = _t("Since %s", formatDateTime(startedAt));
        if (data.state !== "running") {
            return {text: formatMinutes(data.minutes), title};
        }
        const now = this.now();
        const late = Boolean(data.overdue_at) && now > data.overdue_at.toMillis();
        const hint = late ? _t("Still running? If not, end it.") : "";
        return {
            running: true,
            late,
            text: formatElapsed(startedAt.toMillis(), now),
            title: hint ? `${title}\n${hint}` : title,
            hint: this.props.compact ? "" : hint,
        };
    }

    now() {
        const at = Date.now();
        const told = this.props.record.data.clock_now;
        if (!told) {
            return at;
        }
        if (!heardAt.has(told)) {
            heardAt.set(told, at);
        }
        return serverTime(told.toMillis(), heardAt.get(told), at);
    }
}

registry.category("fields").add("service_session_clock", {
    component: SessionClockField,
    displayName: _t("Session clock"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        {name: "clock_now", type: "datetime", readonly: true},
        {name: "minutes", type: "integer", readonly: true},
        {name: "overdue_at", type: "datetime", readonly: true},
        {name: "state", type: "selection", readonly: true},
    ],
    listViewWidth: [120],
    extractProps: ({viewType}) => ({compact: viewType !== "form"}),
});

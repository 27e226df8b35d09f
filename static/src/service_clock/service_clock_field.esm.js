import {Component, onWillRender, toRaw} from "@odoo/owl";
import {minuteAt, readClock} from "./clock.esm";
import {_t} from "@web/core/l10n/translation";
import {faceOf} from "./words.esm";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useTicker} from "./ticker.esm";

// By value and not by component: who leaves a tab of the form and comes back has a new
// component, but the server's minute is as old as it was.
const heardAt = new WeakMap();

function hasClocks(value) {
    return Boolean(value && value.clocks && value.clocks.length);
}

/** How much working time is left until promises to the customer are broken. */
export class ServiceClockField extends Component {
    static template = "helpdesk_service_contract.ServiceClockField";
    static props = {...standardFieldProps, compact: {type: Boolean, optional: true}};

    setup() {
        this.faces = [];
        onWillRender(() => {
            this.faces = this.look();
        });
        useTicker(() => {
            const faces = this.look();
            if (JSON.stringify(faces) !== JSON.stringify(this.faces)) {
                // Now, lest the next tick ask again for what is not drawn yet.
                this.faces = faces;
                this.render();
            }
        });
    }

    look() {
        const value = toRaw(this.props.record.data[this.props.name]);
        if (!hasClocks(value)) {
            return [];
        }
        const at = Date.now();
        if (!heardAt.has(value)) {
            heardAt.set(value, at);
        }
        const minute = minuteAt(value.now, value.second, heardAt.get(value), at);
        const clocks = this.props.compact ? value.clocks.slice(0, 1) : value.clocks;
        return clocks.map((clock) =>
            faceOf(clock, readClock(clock, value.now, minute))
        );
    }
}

registry.category("fields").add("service_clock", {
    component: ServiceClockField,
    displayName: _t("Service clock"),
    supportedTypes: ["json"],
    // At least: a name and a time that are cut off would tell nothing.
    listViewWidth: [300],
    extractProps: ({options, viewType}) => ({
        compact: options.compact ?? viewType !== "form",
    }),
    isEmpty: (record, name) => !hasClocks(record.data[name]),
});

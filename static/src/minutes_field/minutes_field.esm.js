import {Component, toRaw, useState} from "@odoo/owl";
import {formatMinutes, parseMinutes} from "./minutes.esm";
import {_t} from "@web/core/l10n/translation";
import {forget, remember} from "./problems.esm";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useInputField} from "@web/views/fields/input_field_hook";

/**
 * Time, shown and typed as hours and minutes, kept as whole minutes or as hours.
 *
 * What is not understood, or may mean two things, is said below the field at once.
 */
export class ServiceMinutesField extends Component {
    static template = "helpdesk_service_contract.ServiceMinutesField";
    static props = {
        ...standardFieldProps,
        askFrom: {type: Number, optional: true},
        minutesPerUnit: {type: Number},
    };

    setup() {
        this.state = useState({problem: null});
        useInputField({
            getValue: () => this.formattedValue,
            parse: (text) => this.parse(text),
        });
    }

    get formattedValue() {
        const {minutesPerUnit, name, record} = this.props;
        return formatMinutes(record.data[name] * minutesPerUnit);
    }

    get choices() {
        const minutes = (this.state.problem && this.state.problem.choices) || [];
        return minutes.map((one) => ({minutes: one, text: formatMinutes(one)}));
    }

    parse(text) {
        const {askFrom, minutesPerUnit, name, record} = this.props;
        try {
            const minutes = parseMinutes(text, askFrom);
            this.state.problem = null;
            forget(toRaw(record), name);
            return minutes / minutesPerUnit;
        } catch (problem) {
            this.state.problem = problem;
            remember(toRaw(record), name, problem.message);
            throw problem;
        }
    }

    async choose(minutes) {
        const {minutesPerUnit, name, record} = this.props;
        this.state.problem = null;
        forget(toRaw(record), name);
        await record.update({[name]: minutes / minutesPerUnit});
    }
}

const field = {
    component: ServiceMinutesField,
    isEmpty: () => false,
};
registry.category("fields").add("service_minutes", {
    ...field,
    displayName: _t("Minutes as hours"),
    supportedTypes: ["integer"],
    extractProps: ({options}) => ({askFrom: options.ask_from, minutesPerUnit: 1}),
});
registry.category("formatters").add("service_minutes", formatMinutes);
registry.category("parsers").add("service_minutes", parseMinutes);
registry.category("fields").add("service_hours", {
    ...field,
    displayName: _t("Hours as a clock"),
    supportedTypes: ["float"],
    extractProps: ({options}) => ({askFrom: options.ask_from, minutesPerUnit: 60}),
});
registry
    .category("formatters")
    .add("service_hours", (hours) =>
        Number.isFinite(hours) ? formatMinutes(hours * 60) : ""
    );
registry.category("parsers").add("service_hours", (text) => parseMinutes(text) / 60);

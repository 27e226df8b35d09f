import {formatMinutes, parseMinutes} from "./minutes.esm";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useInputField} from "@web/views/fields/input_field_hook";

/** An integer of minutes, shown and typed as hours and minutes. */
export class ServiceMinutesField extends Component {
    static template = "helpdesk_service_contract.ServiceMinutesField";
    static props = {...standardFieldProps};

    setup() {
        useInputField({getValue: () => this.formattedValue, parse: parseMinutes});
    }

    get formattedValue() {
        return formatMinutes(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("service_minutes", {
    component: ServiceMinutesField,
    displayName: _t("Minutes as hours"),
    supportedTypes: ["integer"],
    isEmpty: () => false,
});
registry.category("formatters").add("service_minutes", formatMinutes);
registry.category("parsers").add("service_minutes", parseMinutes);

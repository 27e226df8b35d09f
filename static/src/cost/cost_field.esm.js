import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** What work costs the customer, in the colour of its level. */
export class ServiceCostField extends Component {
    static template = "helpdesk_service_contract.ServiceCostField";
    static props = {...standardFieldProps};

    get label() {
        return this.props.record.data[this.props.name];
    }

    get level() {
        return this.props.record.data.cost_level;
    }
}

registry.category("fields").add("service_cost", {
    component: ServiceCostField,
    displayName: _t("Cost to the customer"),
    supportedTypes: ["char"],
    fieldDependencies: [{name: "cost_level", type: "selection"}],
});

import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The steps of the set-up: which are done, which one is open; a click opens another. */
export class SetupSteps extends Component {
    static template = "helpdesk_service_contract.SetupSteps";
    static props = {...standardFieldProps};

    get steps() {
        const {data} = this.props.record;
        return (data[this.props.name] || []).map((step) => ({
            ...step,
            ...this.sign(step),
            isOpen: step.key === data.step,
        }));
    }

    sign({done, skipped}) {
        if (skipped) {
            return {icon: "fa-minus-circle text-muted", state: _t("left out")};
        }
        return done
            ? {icon: "fa-check-circle text-success", state: _t("done")}
            : {icon: "fa-circle-o text-muted", state: _t("open")};
    }

    async open(step) {
        await this.props.record.update({step}, {save: true});
    }
}

registry.category("fields").add("service_setup_steps", {
    component: SetupSteps,
    supportedTypes: ["json"],
    fieldDependencies: [{name: "step", type: "selection"}],
});

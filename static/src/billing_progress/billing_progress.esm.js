import {Component, useEffect} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

// Each step of a run takes a second or two.
const LOOK_AGAIN = 2000;

/** How far a billing run is; the form follows it while it is at work. */
export class BillingProgress extends Component {
    static template = "helpdesk_service_contract.BillingProgress";
    static props = {...standardWidgetProps};

    setup() {
        this.lookAgain = this.lookAgain.bind(this);
        useEffect(
            (running) => {
                const timer = running && setInterval(this.lookAgain, LOOK_AGAIN);
                return () => clearInterval(timer);
            },
            () => [this.isRunning]
        );
    }

    get isRunning() {
        return this.props.record.data.state === "running";
    }

    get percent() {
        return this.props.record.data.progress;
    }

    async lookAgain() {
        if (!document.hidden) {
            await this.props.record.load();
        }
    }
}

registry.category("view_widgets").add("service_billing_progress", {
    component: BillingProgress,
    fieldDependencies: [
        {name: "state", type: "selection"},
        {name: "progress", type: "integer"},
    ],
});

import {Component, onWillStart, useState} from "@odoo/owl";
import {HelpdeskKanbanView} from "@helpdesk_mgmt/views/helpdesk_dashboard/helpdesk_team_kanban_view.esm";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/** What of the set-up is left to do, on a manager's first screen until all is done. */
export class SetupCard extends Component {
    static template = "helpdesk_service_contract.SetupCard";
    static props = {};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({steps: []});
        onWillStart(async () => {
            this.state.steps = await this.orm.call(
                "res.company",
                "service_setup_card",
                []
            );
        });
    }

    get headline() {
        const {steps} = this.state;
        return _t("Set-up: %(done)s of %(all)s steps done", {
            done: steps.filter((step) => step.done).length,
            all: steps.length,
        });
    }

    async open() {
        await this.action.doAction("helpdesk_service_contract.service_setup_open");
    }
}

class ServiceKanbanRenderer extends HelpdeskKanbanView.Renderer {
    static template = "helpdesk_service_contract.ServiceKanban";
    static components = {...HelpdeskKanbanView.Renderer.components, SetupCard};
}

registry.category("views").add("service_kanban", {
    ...HelpdeskKanbanView,
    Renderer: ServiceKanbanRenderer,
});

import {registry} from "@web/core/registry";

const TICKS = [1, 2, 3, 4, 5].map((line) => ({
    content: `The person says yes to line ${line}`,
    trigger: `.modal .o_data_row:nth-child(${line}) .o_boolean_toggle input`,
    run: "click",
}));

registry.category("web_tour.tours").add("helpdesk_service_contract_remote_session", {
    steps: () => [
        {
            content: "Help the customer of this ticket",
            trigger: "button[name='action_remote_session']",
            run: "click",
        },
        {
            content: "The person comes from the ticket; connect at once",
            trigger:
                ".o_form_view:has(.o_field_widget[name='person_id'] input:value(Anna))" +
                " button[name='action_start']",
            run: "click",
        },
        {
            content: "Nothing is agreed to, and it says what",
            trigger:
                ".modal:contains('Regulamin pomocy zdalnej'):contains('Cennik'):contains('kopię zapasową')",
        },
        {
            content: "Not by e-mail: the customer is on the phone",
            trigger: ".modal .modal-footer .btn-secondary",
            run: "click",
        },
        {
            content: "Note what the person says",
            trigger: "body:not(:has(.modal)) button[name='action_accept_by_phone']",
            run: "click",
        },
        {
            content: "The number",
            trigger: ".modal .o_field_widget[name='phone'] input",
            run: "edit 600 100 200",
        },
        ...TICKS,
        {
            content: "Keep it",
            trigger: ".modal button[name='action_record']",
            run: "click",
        },
        {
            content: "Now one may connect",
            trigger: ".alert-success:contains('Możesz się łączyć')",
        },
        {
            content: "Start",
            trigger: "body:not(:has(.modal)) button.btn-primary[name='action_start']",
            run: "click",
        },
        {
            content: "The clock runs",
            trigger: ".o_field_service_session_clock [role='timer']:contains('0:00:')",
        },
        {
            content: "It is solved",
            trigger: "button[name='action_end']",
            run: "click",
        },
        {
            content: "The dialog says what will be billed",
            trigger:
                ".modal:has(.o_field_widget[name='minutes']:contains('0:01'))" +
                " .o_field_widget[name='billed_minutes']:contains('0:30')",
        },
        {
            content: "What was done",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Wymieniono sterownik",
        },
        {
            content: "End",
            trigger: ".modal button[name='action_end']",
            run: "click",
        },
        {
            content: "It is billed, and the protocol can be printed",
            trigger:
                ".o_form_view:has(button[name='action_print_protocol'])" +
                " button[name='action_open_entry']:contains('0:30')",
        },
    ],
});

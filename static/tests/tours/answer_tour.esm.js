import {registry} from "@web/core/registry";

const CLOCK = ".o_field_widget[name='service_clock']";

registry.category("web_tour.tours").add("helpdesk_service_contract_answer", {
    steps: () => [
        {
            content: "What breaks first is on top, and is late",
            trigger: ".o_data_row:first .o_service_clock_danger:contains('spóźnienie')",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:first .o_data_cell[name='name']",
            run: "click",
        },
        {
            content: "It asks why",
            trigger: ".alert-danger:contains('Reakcja')",
        },
        {
            content: "The customer was called",
            trigger: "button[name='action_answered_otherwise']",
            run: "click",
        },
        {
            content: "Say what was said",
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Dzwoniłem, łączymy się o 14:00",
        },
        {
            content: "Answered",
            trigger: ".modal button[name='action_answer']",
            run: "click",
        },
        {
            content: "The clock has stopped, too late",
            trigger: `${CLOCK} .o_service_clock_danger:contains('Przekroczono')`,
        },
        {
            content: "The other promise is still open",
            trigger: `${CLOCK} .o_service_clock_ok:contains('zostało')`,
        },
        {
            content: "Say why it was late",
            trigger: ".alert-danger button[name='action_justify']",
            run: "click",
        },
        {
            content: "The reason",
            trigger: ".modal .o_field_widget[name='reason'] textarea",
            run: "edit Awaria łącza",
        },
        {
            content: "Save",
            trigger: ".modal button[name='action_justify']",
            run: "click",
        },
        {
            content: "Nobody asks any more",
            trigger: "body:not(:has(.modal)) .o_form_view:not(:has(.alert-danger))",
        },
    ],
});

import {registry} from "@web/core/registry";

const CLOCK = ".o_field_widget[name='service_clock']";

registry.category("web_tour.tours").add("helpdesk_service_contract_message", {
    steps: () => [
        {
            content: "The customer waits for an answer",
            trigger: `${CLOCK} .o_service_clock_warning:contains('zostało')`,
        },
        {
            content: "Somebody is reminded of it",
            trigger: ".o-mail-Activity:contains('Reakcja')",
        },
        {
            content: "It may be answered by phone",
            trigger: "button[name='action_answered_otherwise']",
        },
        {
            content: "Write to the customer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "Say something",
            trigger: ".o-mail-Composer-input",
            run: "edit Już się tym zajmuję",
        },
        {
            content: "Send it",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "The clock has stopped in time",
            trigger: `${CLOCK} .o_service_clock_success`,
        },
        {
            content: "Nothing is left to do about it",
            trigger:
                ".o_form_view:not(:has(.o-mail-Activity)):not(:has(button[name='action_answered_otherwise']))",
        },
    ],
});

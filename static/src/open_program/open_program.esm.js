import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";

/**
 * Hand a link to the program on this computer that knows its scheme.
 *
 * Odoo's own action for links takes whatever is neither of the web nor a path for one.
 *
 * @param {Object} env
 * @param {{params: {url: String}}} action
 */
export function openProgram(env, action) {
    browser.open(action.params.url, "_self");
}

registry.category("actions").add("service_open_program", openProgram);

import {onMounted, onWillUnmount} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";

const SECOND = 1000;

/** One timer for all who listen, and none where nobody does. */
export class Ticker {
    listeners = new Set();
    timer = null;

    /**
     * @param {{setInterval: Function, clearInterval: Function}} timers
     */
    constructor(timers) {
        this.timers = timers;
    }

    add(listener) {
        this.listeners.add(listener);
        this.timer ??= this.timers.setInterval(() => this.tick(), SECOND);
    }

    remove(listener) {
        this.listeners.delete(listener);
        if (!this.listeners.size) {
            this.timers.clearInterval(this.timer);
            this.timer = null;
        }
    }

    tick() {
        for (const listener of this.listeners) {
            listener();
        }
    }
}

const ofPage = new Ticker(browser);

/**
 * Call `onTick` every second while the component is on the page.
 *
 * @param {Function} onTick
 */
export function useTicker(onTick) {
    onMounted(() => ofPage.add(onTick));
    onWillUnmount(() => ofPage.remove(onTick));
}

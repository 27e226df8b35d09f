// What people type for a time, and how minutes are shown. The Python side reads the
// second table as well, so that both show minutes alike.

export const TYPED = [
    ["1:30", 90],
    ["0:45", 45],
    ["0:5", 5],
    ["-1:30", -90],
    ["2", 120],
    ["1,5", 90],
    ["1.5", 90],
    ["1.5 h", 90],
    ["2h", 120],
    ["20h", 1200],
    ["20 godz.", 1200],
    ["90m", 90],
    [" 45m ", 45],
    ["45 min", 45],
    ["1h30", 90],
    ["1h 5", 65],
    ["1 h 30 min", 90],
    ["1 godz. 30 min.", 90],
    ["0", 0],
];

export const NOT_UNDERSTOOD = ["", "abc", "1:75", "1:2:3", "--1", "1h75", "h30", "1 2"];

export const CLOCKS = [
    [0, "0:00"],
    [5, "0:05"],
    [60, "1:00"],
    [90, "1:30"],
    [6000, "100:00"],
    [-5, "-0:05"],
];

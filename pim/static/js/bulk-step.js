// The form of a step of a bulk edit: pictures are chosen in it, and tables of values filled.

import { prepareAssets } from "./modules/pictures.js";
import { prepareValueTable } from "./modules/value-table.js";

document.querySelectorAll("[data-assets]").forEach(prepareAssets);
document.querySelectorAll("[data-value-table]").forEach(prepareValueTable);

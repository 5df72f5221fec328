// The list of products as a grid.

import { chooseColumns } from "./modules/column-chooser.js";
import { resizeColumns } from "./modules/column-widths.js";
import { keepDensity } from "./modules/density.js";
import { openDialogs } from "./modules/dialogs.js";

keepDensity();
openDialogs();
chooseColumns();
resizeColumns();

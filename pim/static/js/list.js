// The list of products as a grid.

import { bringBack } from "./modules/bringing-back.js";
import { editCells } from "./modules/cell-editing.js";
import { chooseColumns } from "./modules/column-chooser.js";
import { resizeColumns } from "./modules/column-widths.js";
import { keepDensity } from "./modules/density.js";
import { openDialogs } from "./modules/dialogs.js";
import { expandModels } from "./modules/expanding.js";
import { exportRows } from "./modules/exporting.js";
import { editFilters } from "./modules/filters.js";
import { selectRows } from "./modules/selection.js";

keepDensity();
openDialogs();
chooseColumns();
resizeColumns();
expandModels();
editCells();
selectRows();
editFilters();
exportRows();
bringBack();

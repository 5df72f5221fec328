// The variants of a model in one table, whose cells are edited as those of a list.

import { editCells } from "./modules/cell-editing.js";

editCells();

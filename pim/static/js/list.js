// The list of products as a grid.

import { keepDensity } from "./modules/density.js";

keepDensity();

/** The one production variant of every endpoint. */
export const VARIANT = "AllTraffic";

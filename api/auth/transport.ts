export { isSecure, signInRefusal } from "./connection.ts";

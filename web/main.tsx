import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { startI18n } from "./i18n/index.ts";
import "./theme/tokens.css";
import "./theme/base.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
await startI18n();
createRoot(root).render(<App />);

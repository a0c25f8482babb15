import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The browser client: built into dist/client, served by the API. */
export default defineConfig({
  root: "web",
  plugins: [react()],
  build: {
    outDir: "../dist/client",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    chunkSizeWarningLimit: 1200,
  },
  server: {
    proxy: {
      "/graphql": "http://127.0.0.1:8080",
      "/columns": "http://127.0.0.1:8080",
      "/auth": "http://127.0.0.1:8080",
      "/photos": "http://127.0.0.1:8080",
    },
  },
});

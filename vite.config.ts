/** Builds the operators' page (`src/console`) into `dist/console`, from where every server serves it. */
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/console",
  base: "/console/",
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    // The policy of the page lets no data address in.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // "use client" says something to servers that render; nobody renders this page.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
});

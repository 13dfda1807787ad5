import { defineConfig } from "vite";

const pages = ["app", "front", "overview", "dispute", "sources", "timeline", "states", "graph", "what-if", "questions"];

export default defineConfig({
  base: "/static/",
  publicDir: false,
  build: {
    outDir: "../bundle",
    emptyOutDir: true,
    target: "es2022",
    // Fonts and pictures stay files: the pages' policy lets nothing in by data addresses but the icon.
    assetsInlineLimit: 0,
    modulePreload: false,
    license: { fileName: "licenses.md" },
    rollupOptions: {
      input: Object.fromEntries(pages.map((page) => [page, `src/${page}.ts`])),
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "part-[name]-[hash].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
} as Parameters<typeof defineConfig>[0]);

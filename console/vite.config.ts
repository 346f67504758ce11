import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv, type Plugin } from 'vite';

export default defineConfig(({ mode }) => ({
  base: '/',
  plugins: [react(), fontFiles()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A strict Content-Security-Policy allows files of our own origin only: nothing is inlined as data: or as script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { host: '127.0.0.1', proxy: { '/api': { target: apiUrl(mode), changeOrigin: false } } },
}));

/** Where `npm run dev` finds the API: a running server or the mock. */
function apiUrl(mode: string): string {
  return loadEnv(mode, '.', 'YAGURA_')['YAGURA_API_URL'] ?? 'http://127.0.0.1:8484';
}

/** Cloudscape carries its fonts inside its style sheet; as files the browser loads only those it needs. */
function fontFiles(): Plugin {
  return {
    name: 'yagura:font-files',
    apply: 'build',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
        const css = typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source);
        file.source = css.replaceAll(
          /url\(["']?data:font\/woff2;[^,]*base64,([A-Za-z0-9+/=]+)["']?\)/g,
          (_url, base64: string) => {
            const source = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
            const name = this.getFileName(this.emitFile({ type: 'asset', name: 'open-sans.woff2', source }));
            return `url("/${name}")`;
          },
        );
      }
    },
  };
}

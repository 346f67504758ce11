import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => ({
  base: '/',
  plugins: [react()],
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

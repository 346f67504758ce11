import { applyMode, Mode } from '@cloudscape-design/global-styles';

export const THEMES = ['auto', 'light', 'dark'] as const;
/** `auto` follows the system. */
export type Theme = (typeof THEMES)[number];

/** The theme a value names; anything else follows the system. */
export function themeNamed(value: unknown): Theme {
  return THEMES.find((theme) => theme === value) ?? 'auto';
}

/** Draws the page in a theme and follows the system while it is `auto`; returns the stop. */
export function followTheme(theme: Theme): () => void {
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const draw = () => {
    const dark = theme === 'dark' || (theme === 'auto' && system.matches);
    applyMode(dark ? Mode.Dark : Mode.Light);
    // Scroll bars and native controls follow this one.
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  };
  draw();
  system.addEventListener('change', draw);
  return () => system.removeEventListener('change', draw);
}

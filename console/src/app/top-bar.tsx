import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { useLiveState, useOutside } from '../api/api-context.tsx';
import type { LiveState } from '../api/live-updates.ts';
import { LANGUAGES, languageNamed } from '../i18n/catalog.ts';
import { type Speech, useTexts } from '../i18n/texts-context.tsx';
import { useGo } from './navigate.tsx';
import { THEMES, type Theme, themeNamed } from './theme.ts';

const LIVE_ICON = {
  connecting: 'status-pending',
  live: 'status-positive',
  lost: 'status-negative',
  paused: 'pause',
} as const satisfies Record<LiveState, TopNavigationProps.ButtonUtility['iconName']>;

/** The bar on top: home, whether changes arrive, language, theme, who I am. */
export function TopBar(props: { theme: Theme; onTheme: (theme: Theme) => void }) {
  const speech = useTexts();
  const go = useGo();
  const utilities = [
    useLiveUtility(speech),
    languageUtility(speech),
    themeUtility(speech, props),
    useWhoUtility(speech),
  ];
  return (
    <TopNavigation
      identity={{
        href: '/',
        title: speech.t('shell.title'),
        logo: { src: '/favicon.svg', alt: speech.t('shell.logo') },
        onFollow: (event) => {
          event.preventDefault();
          go('/');
        },
      }}
      utilities={utilities}
    />
  );
}

function useLiveUtility({ t }: Speech): TopNavigationProps.ButtonUtility {
  const { live } = useOutside();
  const state = useLiveState();
  const next = state === 'paused' ? 'running' : 'paused';
  return {
    type: 'button',
    iconName: LIVE_ICON[state],
    text: t(`live.${state}`),
    title: t(`live.${state}`),
    ariaLabel: t(`live.${state}.label`),
    onClick: () => live.pause(next),
  };
}

function languageUtility(speech: Speech): TopNavigationProps.MenuDropdownUtility {
  return {
    type: 'menu-dropdown',
    iconName: 'globe',
    text: speech.t(`language.${speech.language}`),
    title: speech.t('shell.language'),
    ariaLabel: speech.t('shell.language.label', { language: speech.t(`language.${speech.language}`) }),
    items: LANGUAGES.map((language) => ({
      id: language,
      itemType: 'checkbox',
      checked: language === speech.language,
      text: speech.t(`language.${language}`),
      lang: language,
    })),
    onItemClick: (event) => {
      const language = languageNamed(event.detail.id);
      if (language !== undefined) speech.setLanguage(language);
    },
  };
}

function themeUtility(
  { t }: Speech,
  props: { theme: Theme; onTheme: (theme: Theme) => void },
): TopNavigationProps.MenuDropdownUtility {
  return {
    type: 'menu-dropdown',
    iconName: 'light-dark',
    text: '',
    title: t('shell.theme'),
    ariaLabel: t('shell.theme.label', { theme: t(`theme.${props.theme}`) }),
    items: THEMES.map((theme) => ({
      id: theme,
      itemType: 'checkbox',
      checked: theme === props.theme,
      text: t(`theme.${theme}`),
    })),
    onItemClick: (event) => props.onTheme(themeNamed(event.detail.id)),
  };
}

function useWhoUtility({ t }: Speech): TopNavigationProps.MenuDropdownUtility {
  const { session } = useOutside();
  const { who } = session;
  const teams = who.teams.length === 0 ? t('shell.teams.none') : who.teams.join(', ');
  return {
    type: 'menu-dropdown',
    iconName: 'user-profile',
    text: who.name,
    description: t(`role.${who.role}`),
    ariaLabel: t('shell.who.label', { name: who.name }),
    items: [
      ...(session.organization === ''
        ? []
        : [{ id: 'organization', text: t('shell.organization', { name: session.organization }), disabled: true }]),
      ...(who.role === 'team' ? [{ id: 'teams', text: t('shell.teams', { teams }), disabled: true }] : []),
      { id: 'version', text: t('shell.version', { version: session.version }), disabled: true },
    ],
  };
}

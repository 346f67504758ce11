/** Captions of the ids that every class shares (OCSF 1.1.0); 99 keeps the source's own word. */
export const severityCaptions: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Informational',
  2: 'Low',
  3: 'Medium',
  4: 'High',
  5: 'Critical',
  6: 'Fatal',
  99: 'Other',
};

export const statusCaptions: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Success',
  2: 'Failure',
  99: 'Other',
};

export const findingStatusCaptions: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'New',
  2: 'In Progress',
  3: 'Suppressed',
  4: 'Resolved',
  99: 'Other',
};

export const actionCaptions: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Allowed',
  2: 'Denied',
  99: 'Other',
};

export const dispositionCaptions: Readonly<Record<number, string>> = {
  0: 'Unknown',
  1: 'Allowed',
  2: 'Blocked',
  6: 'Dropped',
  15: 'Detected',
  17: 'Logged',
  19: 'Alert',
  20: 'Count',
  21: 'Reset',
  22: 'Captcha',
  23: 'Challenge',
  25: 'Rejected',
  27: 'Error',
  99: 'Other',
};

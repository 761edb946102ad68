/** A drawing of what the exporter does: a pulse in a speech bubble. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<path d="M7 3h18a5 5 0 0 1 5 5v12a5 5 0 0 1-5 5H14l-6.3 4.7A1 1 0 0 1 6 28.9V25a4 4 0 0 1-4-4V8a5 5 0 0 1 5-5z" fill="#4c5fd5"/>
<path d="M6 15h4.5l2.5-6 4.5 11 3-7 1.5 2H26" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`;

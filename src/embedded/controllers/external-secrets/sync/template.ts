/** The one call that the sync makes into a Go-template engine. */

/**
 * Renders a Go template with Sprig functions over a flat map of strings; a missing key is an error.
 * Throws with the engine's text.
 */
export type TemplateEngine = (template: string, data: Record<string, string>) => string

/** What a translation of a part of the catalog must look like. */
export type Translated<Part> = { readonly [Key in keyof Part]: string };

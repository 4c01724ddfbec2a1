// Like is what a translation of T has to be: the same names and parameters, other texts.
export type Like<T> = T extends string ? string : T extends (...of: infer A) => infer R ? (...of: A) => Like<R> : T extends object ? { readonly [K in keyof T]: Like<T[K]> } : T;

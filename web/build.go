//go:build ignore

// Build makes what is generated for the browser: static/app.js, static/drawer.js, static/company.js, static/compare.js, static/which.js, static/which.css, static/embed.js, static/embed_page.js, static/embed.css and static/app.css from
// web/app.ts, web/drawer_app.tsx, web/company_app.ts, web/compare_app.tsx, web/which_app.tsx, web/which.css, web/embed_element.ts, web/embed_page.ts, web/embed.css and web/app.css, static/map.svg from Natural Earth, and web/wire.ts from the wire's Go types. It needs Go alone; its output is the
// same to the byte on every machine. It does not check the TypeScript's types: tsc does, in `make test`.
//
// From the root of the repository:
//
//	go run -modfile=tools.mod web/build.go
//	go run -modfile=tools.mod web/build.go ENTRY OUT
//
// The second form bundles ENTRY, TypeScript or CSS, as OUT, and does nothing else: tests in a browser use it.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"netsplit/web"
)

// thirdParty holds the npm packages that the bundle contains and the bundler resolves, as published but for files
// that nothing here uses.
const thirdParty = "web/third_party"

func main() {
	err := errors.New("expected no arguments, or ENTRY OUT")
	switch len(os.Args) {
	case 1:
		err = errors.Join(
			write("static/map.svg", web.Map),
			write("web/wire.ts", web.Wire),
			write("static/app.js", func() ([]byte, error) { return bundle("web/app.ts", "preact", "@*/*") }),
			write("static/app.de.js", func() ([]byte, error) { return translated("de", "web/app.ts", "preact", "@*/*") }),
			write("static/drawer.js", func() ([]byte, error) { return borrowing("web/drawer_app.tsx", []string{"uplot"}) }),
			write("static/drawer.de.js", func() ([]byte, error) { return borrowing("web/drawer_app.tsx", []string{"uplot"}, language("de")) }),
			write("static/company.js", func() ([]byte, error) { return borrowing("web/company_app.ts", nil) }),
			write("static/company.de.js", func() ([]byte, error) { return borrowing("web/company_app.ts", nil, language("de")) }),
			write("static/compare.js", func() ([]byte, error) { return bundle("web/compare_app.tsx", "preact", "@*/*") }),
			write("static/compare.de.js", func() ([]byte, error) { return translated("de", "web/compare_app.tsx", "preact", "@*/*") }),
			write("static/embed.js", func() ([]byte, error) { return bundle("web/embed_element.ts") }),
			write("static/embed_page.js", func() ([]byte, error) { return bundle("web/embed_page.ts") }),
			write("static/embed_page.de.js", func() ([]byte, error) { return translated("de", "web/embed_page.ts") }),
			write("static/embed.css", func() ([]byte, error) { return bundle("web/embed.css") }),
			write("static/which.js", func() ([]byte, error) { return bundle("web/which_app.tsx", "preact", "@*/*") }),
			write("static/which.de.js", func() ([]byte, error) { return translated("de", "web/which_app.tsx", "preact", "@*/*") }),
			write("static/which.css", func() ([]byte, error) { return bundle("web/which.css") }),
			write("static/app.css", func() ([]byte, error) { return bundle("web/app.css", "uplot") }),
		)
	case 3:
		err = write(os.Args[2], func() ([]byte, error) { return bundle(os.Args[1], "preact", "@*/*", "uplot") })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write writes a file unless it is fresh, so that watchers and the go command see only true changes.
func write(name string, build func() ([]byte, error)) error {
	text, err := build()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if old, err := os.ReadFile(name); err == nil && string(old) == string(text) {
		return nil
	}
	return os.WriteFile(name, text, 0o666)
}

// language has words come from a folder of their own: what imports ./words gets web/de/words.ts, where there is one.
func language(folder string) api.Plugin {
	return api.Plugin{Name: folder, Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\./(\w*words|tellings)$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			path := filepath.Join(filepath.Dir(a.Importer), folder, a.Path+".ts")
			if _, err := os.Stat(path); err != nil {
				return api.OnResolveResult{}, nil // no such file, or the importer is in the folder itself
			}
			return api.OnResolveResult{Path: path}, nil
		})
	}}
}

// translated is bundle in another language.
func translated(folder, entry string, packages ...string) ([]byte, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	banner, err := notices(packages)
	if err != nil {
		return nil, err
	}
	return build(root, entry, banner, language(folder))
}

// bundle returns a source and all that it imports as one minified file, with a notice of the packages in it.
func bundle(entry string, packages ...string) ([]byte, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	banner, err := notices(packages)
	if err != nil {
		return nil, err
	}
	return build(root, entry, banner)
}

// build runs the bundler.
func build(root, entry, banner string, plugins ...api.Plugin) ([]byte, error) {
	options := api.BuildOptions{
		EntryPoints:       []string{entry},
		AbsWorkingDir:     root,
		NodePaths:         []string{filepath.Join(root, thirdParty)},
		TsconfigRaw:       "{}", // web/tsconfig.json is for tsc
		Bundle:            true,
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		JSX:               api.JSXAutomatic,
		JSXImportSource:   "preact",
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone, // the banner names all there is
		Banner:            map[string]string{"js": banner, "css": banner},
		Plugins:           plugins,
	}
	result := api.Build(options)
	if len(result.Errors)+len(result.Warnings) > 0 {
		lines := api.FormatMessages(append(result.Errors, result.Warnings...), api.FormatMessagesOptions{})
		return nil, errors.New(strings.Join(lines, ""))
	}
	return result.OutputFiles[0].Contents, nil
}

var copyright = regexp.MustCompile(`(?m)^.*Copyright.*$`)

// shared finds the modules that web/shared.ts hands to the other scripts: their names there, and what they are imported as.
var shared = regexp.MustCompile(`(?m)^import \* as (\w+) from "([^"]+)";$`)

// borrowing bundles one of the page's other scripts. What it imports of web/shared.ts's modules it takes from the first at run time.
func borrowing(entry string, packages []string, more ...api.Plugin) ([]byte, error) {
	text, err := os.ReadFile("web/shared.ts")
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, m := range shared.FindAllStringSubmatch(string(text), -1) {
		names[m[2]] = m[1]
	}
	plugin := api.Plugin{Name: "shared", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: "."}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if names[a.Path] == "" {
				return api.OnResolveResult{}, nil
			}
			return api.OnResolveResult{Path: a.Path, Namespace: "shared"}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".", Namespace: "shared"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			text := "module.exports = globalThis.netsplit.modules." + names[a.Path]
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
		})
	}}
	banner, err := notices(packages)
	if err != nil {
		return nil, err
	}
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	return build(root, entry, banner, append([]api.Plugin{plugin}, more...)...)
}

// notices returns a comment that names the packages in a bundle, and their licences and holders.
func notices(packages []string) (string, error) {
	var manifests []string
	for _, pattern := range packages {
		found, err := filepath.Glob(filepath.Join(thirdParty, pattern, "package.json"))
		if err != nil {
			return "", err
		}
		manifests = append(manifests, found...)
	}
	banner := "/*! Netsplit (MIT)."
	for _, manifest := range manifests {
		text, err := os.ReadFile(manifest)
		if err != nil {
			return "", err
		}
		var m struct{ Name, Version, License string }
		if err := json.Unmarshal(text, &m); err != nil {
			return "", fmt.Errorf("%s: %w", manifest, err)
		}
		license, err := os.ReadFile(filepath.Join(filepath.Dir(manifest), "LICENSE"))
		if err != nil {
			return "", err
		}
		holder := strings.TrimSpace(string(copyright.Find(license)))
		banner += fmt.Sprintf(" Contains %s %s (%s, %s).", m.Name, m.Version, m.License, holder)
	}
	return banner + " */", nil
}

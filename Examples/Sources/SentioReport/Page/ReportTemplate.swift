/// The page's Mustache templates.
///
/// Double braces escape, triple braces insert drawings as they are.
enum ReportTemplate {
  static let page = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{{title}}</title>
    <link rel="icon" href="data:,">
    <style>{{{style}}}</style>
    </head>
    <body>
    <a class="skip" href="#results">Skip to the results</a>
    <header>
    <h1>{{title}}</h1>
    <p class="lead">{{lead}}</p>
    {{#notes}}<p class="note">{{.}}</p>{{/notes}}
    <nav aria-label="Contents"><ul>
    {{#sections}}<li><a href="#{{id}}">{{link}}</a></li>{{/sections}}
    </ul></nav>
    </header>
    <main>
    <section class="figures" aria-label="Key figures">
    {{#figures}}<div class="number"><b>{{value}}</b><span>{{name}}</span></div>{{/figures}}
    </section>
    {{#sections}}
    <section id="{{id}}" aria-labelledby="{{id}}-title"><h2 id="{{id}}-title">{{title}}</h2>
    {{#blocks}}{{#text}}<p>{{.}}</p>
    {{/text}}{{#heading}}<h3>{{.}}</h3>
    {{/heading}}{{#figure}}{{> figure}}
    {{/figure}}{{#row}}<div class="{{class}}">{{#figures}}{{> figure}}{{/figures}}</div>
    {{/row}}{{#table}}{{> table}}
    {{/table}}{{/blocks}}
    </section>
    {{/sections}}
    </main>
    <footer><p>Made by Sentio on {{created}}. Every number of this page is in report.json.</p></footer>
    </body>
    </html>
    """

  /// A drawing; a wide one scrolls in a box that can take the keyboard's focus.
  static let figure = """
    <figure class="{{class}}">{{#scrolls}}<div class="scroll" role="group" tabindex="0" aria-label="{{caption}}">{{/scrolls}}{{{svg}}}{{#scrolls}}</div>{{/scrolls}}<figcaption>{{caption}}</figcaption></figure>
    """

  /// A table in a box of its own that scrolls, so that the page never does; it can take the
  /// keyboard's focus because what scrolls must be reachable without a mouse.
  static let table = """
    <div class="table" role="region" tabindex="0" aria-label="{{caption}}"><table>
    <caption><span>{{caption}}</span></caption>
    <thead><tr>{{#header}}<th scope="col"{{#class}} class="{{class}}"{{/class}}>{{text}}</th>{{/header}}</tr></thead>
    <tbody>{{#rows}}<tr>{{#name}}<th scope="row"{{#class}} class="{{class}}"{{/class}}>{{text}}</th>{{/name}}{{#cells}}<td{{#class}} class="{{class}}"{{/class}}>{{text}}</td>{{/cells}}</tr>{{/rows}}</tbody>
    </table></div>
    """
}

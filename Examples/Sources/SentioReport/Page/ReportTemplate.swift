/// The page's Mustache template.
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
    <style>{{{style}}}</style>
    </head>
    <body>
    <header>
    <h1>{{title}}</h1>
    <p class="lead">{{lead}}</p>
    {{#notes}}<p class="note">{{.}}</p>{{/notes}}
    <nav aria-label="Contents"><ul>
    <li><a href="#results">Results</a></li><li><a href="#plane">The plane</a></li>
    <li><a href="#significance">Significance</a></li><li><a href="#errors">Errors</a></li>
    {{#hasImportance}}<li><a href="#importance">Features</a></li>{{/hasImportance}}
    {{#hasNewSongs}}<li><a href="#songs">New songs</a></li>{{/hasNewSongs}}
    <li><a href="#time">Time</a></li><li><a href="#about">About</a></li>
    </ul></nav>
    </header>
    <main>
    <section class="figures" aria-label="Key figures">
    {{#figures}}<div class="number"><b>{{value}}</b><span>{{name}}</span></div>{{/figures}}
    </section>

    <section id="results"><h2>Results on the test songs</h2>
    <p>{{resultsLead}}</p>
    {{#charts}}<figure class="narrow">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>{{/charts}}
    {{#resultTables}}{{> table}}{{/resultTables}}
    </section>

    <section id="plane"><h2>Predictions in the valence-arousal plane</h2>
    <p>Each dot is a prediction, joined by a line to the song's label. Lines that point to the
    middle are the models' caution: extremes are drawn towards the mean.</p>
    <div class="planes">
    {{#planes}}<figure>{{{svg}}}<figcaption>{{caption}}</figcaption></figure>{{/planes}}
    </div>
    {{#spectrogram}}<figure class="wide">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>{{/spectrogram}}
    </section>

    <section id="significance"><h2>Are the differences real?</h2>
    <p>{{significanceLead}}</p>
    {{#significanceTables}}{{> table}}{{/significanceTables}}
    </section>

    <section id="errors"><h2>Where the errors are</h2>
    {{#errorCharts}}<figure class="narrow">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>{{/errorCharts}}
    {{#errorTables}}{{> table}}{{/errorTables}}
    </section>

    {{#hasImportance}}<section id="importance"><h2>What the trees look at</h2>
    {{#importanceCharts}}<figure class="narrow">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>{{/importanceCharts}}
    </section>{{/hasImportance}}

    {{#hasNewSongs}}<section id="songs"><h2>Songs that nobody has seen</h2>
    <p>{{newSongsLead}}</p>
    {{#newSongTables}}{{> table}}{{/newSongTables}}
    </section>{{/hasNewSongs}}

    <section id="time"><h2>Time</h2>
    {{#timeCharts}}<figure class="narrow">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>{{/timeCharts}}
    {{#timeTables}}{{> table}}{{/timeTables}}
    </section>

    <section id="about"><h2>About these numbers</h2>
    {{#about}}<p>{{.}}</p>{{/about}}
    {{#aboutTables}}{{> table}}{{/aboutTables}}
    </section>
    </main>
    <footer><p>Made by Sentio on {{created}}. Every number of this page is in report.json.</p></footer>
    </body>
    </html>
    """

  /// A table in a box of its own that scrolls, so that the page never does; it can take the
  /// keyboard's focus because what scrolls must be reachable without a mouse.
  static let table = """
    <div class="table" role="region" tabindex="0" aria-label="{{caption}}"><table>
    <caption>{{caption}}</caption>
    <thead><tr>{{#header}}<th scope="col"{{#class}} class="{{class}}"{{/class}}>{{text}}</th>{{/header}}</tr></thead>
    <tbody>{{#rows}}<tr>{{#cells}}<td{{#class}} class="{{class}}"{{/class}}>{{text}}</td>{{/cells}}</tr>{{/rows}}</tbody>
    </table></div>
    """
}

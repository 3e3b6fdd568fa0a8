/** Lines over the last minutes, drawn by uPlot. */
import { Component } from '/modules/preact.js'
import uPlot from '/modules/uplot.js'
import { html } from '../view.js'

/** @import { Sample } from '../../snapshot.ts' */
/** @typedef {{ title: string, of: string[], labels: string[], slots: number[], samples: readonly Sample[],
 *   measure: 'queues' | 'replicas', legend?: boolean, stepped?: boolean }} Props */

const HEIGHT = 140
const SHORTEST_S = 60

/** @extends {Component<Props>} */
export class Chart extends Component {
  /** @type {HTMLElement | null} */
  place = null
  /** @type {uPlot | undefined} */
  plot
  drawn = ''
  resized = new ResizeObserver(() => this.fit())
  dark = matchMedia('(prefers-color-scheme: dark)')
  recolour = () => this.draw()

  componentDidMount() {
    if (this.place) this.resized.observe(this.place)
    this.dark.addEventListener('change', this.recolour)
    this.draw()
  }

  componentDidUpdate() {
    if (this.drawn === this.props.of.join()) this.plot?.setData(this.data())
    else this.draw()
  }

  componentWillUnmount() {
    this.resized.disconnect()
    this.dark.removeEventListener('change', this.recolour)
    this.plot?.destroy()
  }

  fit() {
    if (this.place && this.place.clientWidth > 0)
      this.plot?.setSize({ width: this.place.clientWidth, height: HEIGHT })
  }

  /** Colours are fixed when a plot is made, so a changed set of lines or scheme makes a new one. */
  draw() {
    if (!this.place) return
    this.plot?.destroy()
    this.drawn = this.props.of.join()
    const colour = coloursOf(this.place)
    const paths = this.props.stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    }
    this.plot = new uPlot(
      {
        width: this.place.clientWidth || 300,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 28, 0, 0],
        scales: {
          x: { range: (_plot, min, max) => [Math.min(min, max - SHORTEST_S), max] },
          y: { range: (_plot, _min, max) => [0, Math.max(5, Math.ceil(max * 1.1))] },
        },
        axes: [
          { ...axis, size: 28, space: 70, values: '{HH}:{mm}:{ss}' },
          { ...axis, size: 44, space: 28, incrs: WHOLE },
        ],
        series: [
          {},
          ...this.props.of.map((_name, place) => ({
            stroke: colour(`--c${this.props.slots[place]}`),
            width: 2,
            points: { show: false },
            ...(paths ? { paths } : {}),
          })),
        ],
      },
      this.data(),
      this.place,
    )
  }

  /** @returns {import('/modules/uplot.js').AlignedData} */
  data() {
    const { samples, measure, of } = this.props
    return [
      samples.map(({ at }) => at / 1000),
      ...of.map((name) => samples.map((sample) => sample[measure][name] ?? null)),
    ]
  }

  render() {
    const { title, labels, slots, of, samples, measure, legend } = this.props
    const last = samples.at(-1)?.[measure] ?? {}
    const inWords = of.map((name, place) => `${labels[place]} ${last[name] ?? 'unknown'}`).join(', ')
    return html`
      <figure>
        <figcaption>
          ${title}
          ${
            legend &&
            html`<span class="legend" aria-hidden="true">
              ${labels.map((label, place) => html`<span><i class="key c${slots[place]}"></i>${label}</span>`)}
            </span>`
          }
        </figcaption>
        <div class="chart" role="img" aria-label="${title} over time; now: ${inWords}"
          ref=${(/** @type {HTMLElement | null} */ place) => {
            this.place = place
          }}></div>
      </figure>
    `
  }
}

/** Steps of the vertical axis: there is no half message. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]

/** @param {HTMLElement} element */
function coloursOf(element) {
  const style = getComputedStyle(element)
  return (/** @type {string} */ name) => style.getPropertyValue(name).trim()
}
